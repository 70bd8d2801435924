"""First names that are given often in the UK, also among people whose families came from elsewhere.

A name that is also a common word, a month, a place or a title is left out ("Hope", "May", "Jordan"): such a name is found by what
stands around it. The list is our own; it need not be complete, because a surname or "said" beside a name tells as much.
"""

_LISTED = """
aaliyah aaron abbie abdul abdullah abigail adam adele adrian agnieszka ahmad ahmed aidan aiden aisha aisling alan alana alastair
albert alejandro aleksandra alex alexander alexandra alexandru alexia alfie ali alice alicia alisha alison alistair allan amanda
amelia amelie amina aminah amir amira amy ana anastasia andreea andrei andrew andrzej angela angus anita anjali ann anna anne annie
anthony antonio anya aoife arjun archie arlo arthur ashleigh asif ava ayaan ayesha bartosz beatrice becky ben benjamin bethany
blessing bogdan bronte caitlin callum calum cameron cara carl carol caroline catherine catriona ceri charles charlie chloe chris
christian christina christine christopher ciara cian claire colin connor conor craig cristina daniel danielle danuta darcey darren
david dawid deborah declan denise derek diana dominik donald donna douglas duncan dylan eden edward eilidh eleanor elena elijah
elizabeth ella ellen ellie elliot elliott elsie emilia emily emma eoin eric erin esme ethan euan eva eve evelyn evie ewa ewan
fatima fergus finlay finley fiona fraser freddie freya gabriel gareth gary gavin gemma george georgia gerard gillian giorgia
gordon graeme graham greg gregor grzegorz gwen hamish hamza hannah hanna harley harper harriet harris harrison harry hasan hassan
hayley heather helen henry hira hollie holly hugh hugo hussein ian ibrahim ida imran iman imogen ioana ion isaac isabel isabella
isabelle isla ismail isobel ivan iwona jacek jade jack jackson jacob jake jakub jamal james jamie jan jane janet jasmine jason javier
jay jayden jean jennifer jenny jessica jim jo joan joanna joanne joe joel john johnny jonathan joseph josh joshua josie jude julia
julian julie kacper kai karen karim karolina kasia katarzyna kate katherine kathleen katie kayleigh keira keith kelly kenneth kerry
kevin khadija khalid kian kieran kiran kirsty krzysztof kyle lauren laura layla leah leanne lena leo leon lewis liam libby
lilly linda lisa logan lola lorna louise lucas lucja lucy luca luke lukas lydia lyla maciej maddison madison magdalena maisie
malgorzata malik maksymilian marek margaret maria mariam marie marta martin martyna maryam mateusz matilda matthew maya megan mehdi
melissa mia michael michal michelle mihai milan milena mohamed mohammad mohammed mollie molly morag muhammad murray mustafa nadia
naomi natalia natalie nathan neha neil niamh nicholas nicola nicole nikita nikola noah noor nora norah oleksandr oleh olena olivia
oliver oliwia ollie omar orla oscar owen pamela patrick patrycja paul paula pauline pawel peter philip phoebe piotr poppy prakash
priya rachel rafal rahul raj rebecca reece rehan reuben rhiannon rhys riley robbie robert robyn ronan rory rosie ross rowan roxanne
ruairidh ruth ryan rania saad sadia safiya saima saira salma sam samantha samina samira samuel sandra sara sarah scarlett sean
sebastian shannon sharon shaun shauna sheila shreya sienna simon siobhan sofia sophia sophie stanislaw stefan stephanie stephen
steven struan stuart susan suleiman szymon tariq taylor tegan thea theo theodore thomas tia tilly tim timothy toby tom tomasz tommy
tony tracey tyler umar valentina vanessa vikram vincent wendy wiktoria william willow xander yasmin yousef yusuf yuki zac zachary zain
zainab zahra zara zoe zofia zuzanna żaneta łukasz paweł michał rafał stanisław małgorzata łucja
"""

FIRST_NAMES = frozenset(_LISTED.split())
